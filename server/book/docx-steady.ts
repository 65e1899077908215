export async function steadyDocx(bytes: Buffer, _moment: string): Promise<Buffer> {
  return bytes
}
