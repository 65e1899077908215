/** Canonical text and content hash of a definition: equal content gives equal bytes, whatever the order of keys. */

/** Computes the SHA-256 of UTF-8 text, as lower-case hex. Passed in, because the domain has no platform. */
export type Sha256 = (text: string) => string

/**
 * JSON with keys in code-unit order and no white space (the subset of RFC 8785 that definitions need). Keys whose value is
 * undefined are left out; non-finite numbers are refused with a TypeError.
 */
export function canonicalJson(value: unknown): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('A definition holds finite numbers only.')
      return JSON.stringify(value)
    case 'object':
      break
    default:
      throw new TypeError(`A ${typeof value} has no canonical form.`)
  }
  if (Array.isArray(value)) {
    return `[${value.map((entry) => canonicalJson(entry ?? null)).join(',')}]`
  }
  const parts: string[] = []
  for (const key of Object.keys(value).sort()) {
    const entry = (value as Record<string, unknown>)[key]
    if (entry !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(entry)}`)
  }
  return `{${parts.join(',')}}`
}

/** The content hash by which a published version is known. */
export function definitionHash(definition: object, sha256: Sha256): string {
  return sha256(canonicalJson(definition))
}
