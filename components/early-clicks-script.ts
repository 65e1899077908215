/**
 * Runs before the first paint: the last button that is pressed before the page can answer is pressed again as soon as it can.
 * On a slow computer the page is seen seconds before that, and a person presses once. It lets go by itself after a while,
 * so that nothing is ever held for good.
 */
export const earlyClicks = `(()=>{let held=null;const d=document;
const hear=e=>{const b=e.target instanceof Element&&e.target.closest('button');if(!b)return;e.preventDefault();e.stopImmediatePropagation();held=b};
const done=()=>{d.removeEventListener('click',hear,true);delete window.casebookAwake;clearTimeout(late);if(held&&held.isConnected&&!held.disabled)held.click()};
const late=setTimeout(done,15000);window.casebookAwake=done;d.addEventListener('click',hear,true)})()`
