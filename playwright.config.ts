import { defineConfig } from '@playwright/test'
import { findBrowser } from './e2e/browser.ts'

// `npm test` finds the browser once and hands it on; run alone, the configuration finds it itself.
const browser = process.env.E2E_BROWSER
  ? (JSON.parse(process.env.E2E_BROWSER) as Awaited<ReturnType<typeof findBrowser>>)
  : await findBrowser((text) => process.stderr.write(`${text}\n`))

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: '.cache/journeys',
  // One, for computers that do other work beside; the runner names each journey that needed it, so that no race stays hidden.
  retries: 1,
  workers: Number(process.env.E2E_WORKERS ?? 2),
  fullyParallel: true,
  forbidOnly: true,
  // Long enough for a computer with one core and other work; a journey that passes takes a fraction.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: process.env.E2E_REPORT ? [['json', { outputFile: process.env.E2E_REPORT }]] : 'list',
  use: {
    baseURL: process.env.E2E_BASE_URL,
    browserName: 'chromium',
    headless: true,
    locale: 'en-GB',
    timezoneId: 'Asia/Tokyo',
    colorScheme: 'light',
    contextOptions: { reducedMotion: 'reduce' },
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: browser.executablePath,
      env: { ...(process.env as Record<string, string>), ...browser.env },
    },
  },
})
