import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** The one accent: ink blue. Shade 7 on white and white on shade 7 are above 6:1. */
const ink: MantineColorsTuple = [
  '#eef6fb',
  '#d9eaf5',
  '#b3d4ea',
  '#86badb',
  '#5b9fcb',
  '#3d88ba',
  '#2673a6',
  '#1b5f8d',
  '#154b71',
  '#0f3855',
]

const grey: MantineColorsTuple = [
  '#f8f9fa',
  '#f1f2f4',
  '#e4e6e9',
  '#d5d8dc',
  '#bfc4ca',
  '#979ea6',
  '#6a727b',
  '#4b525a',
  '#30353b',
  '#1b1e22',
]

const night: MantineColorsTuple = [
  '#e6e8ea',
  '#c9cdd2',
  '#a4abb3',
  '#7f8790',
  '#4b525a',
  '#343a41',
  '#24282d',
  '#1b1e22',
  '#15171a',
  '#0f1113',
]

export const fontFamily = 'var(--cb-font)'

/** Mantine's theme: 14 px, one accent, neutral greys. Everything else is a CSS variable in `app/globals.css`. */
export const theme = createTheme({
  colors: { ink, gray: grey, dark: night },
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 6 },
  fontFamily,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontFamily,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '1.35' },
      h2: { fontSize: '16px', lineHeight: '1.4' },
      h3: { fontSize: '14px', lineHeight: '1.45' },
    },
  },
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NativeSelect: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Modal: {
      defaultProps: { transitionProps: { duration: 80 }, centered: false, yOffset: '12vh' },
    },
    Menu: {
      defaultProps: {
        transitionProps: { duration: 60 },
        shadow: 'md',
        // Its placeholder is an element that a menu may not hold.
        withInitialFocusPlaceholder: false,
      },
    },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 60 } } },
  },
})

/** Mantine's own colours on ours, so that its inputs, menus and buttons stand on the same greys. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--cb-surface)',
    '--mantine-color-text': 'var(--cb-text)',
    '--mantine-color-dimmed': 'var(--cb-muted)',
    '--mantine-color-placeholder': 'var(--cb-muted)',
    '--mantine-color-default': 'var(--cb-surface)',
    '--mantine-color-default-hover': 'var(--cb-sunken)',
    '--mantine-color-default-color': 'var(--cb-text)',
    '--mantine-color-default-border': 'var(--cb-line-strong)',
    '--mantine-color-error': 'var(--cb-red)',
    '--mantine-color-anchor': 'var(--cb-accent)',
  }
  return { variables: {}, light: shared, dark: shared }
}
