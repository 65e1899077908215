/** Files that analysis sets can be: CSV, Dataset-JSON, or its form with a row a line. */
export const setFormats = ['csv', 'json', 'ndjson'] as const
export type SetFormat = (typeof setFormats)[number]
