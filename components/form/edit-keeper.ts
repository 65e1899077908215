import type { Edit, EditKeeper } from './entry-store.ts'

/** Name under which unsent edits of one form instance are kept for one person on this computer. */
export function keeperName(
  userId: string,
  studyId: string,
  subjectId: string,
  record: string,
): string {
  return `casebook.unsent.${userId}.${studyId}.${subjectId}.${record}`
}

/** Keeps edits in the browser's local storage; a full or forbidden storage must not stop anybody from typing. */
export function localKeeper(name: string): EditKeeper {
  return {
    read() {
      try {
        const text = localStorage.getItem(name)
        return text === null ? null : (JSON.parse(text) as Record<string, Edit>)
      } catch {
        return null
      }
    },
    write(edits) {
      try {
        localStorage.setItem(name, JSON.stringify(edits))
      } catch {
        // The edits are still in memory and on their way to the server.
      }
    },
    clear() {
      try {
        localStorage.removeItem(name)
      } catch {
        // Nothing was kept, so nothing is left behind.
      }
    },
  }
}
