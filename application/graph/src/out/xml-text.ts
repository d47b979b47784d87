const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text for XML: what has a meaning is escaped, what no XML document may hold is left out. */
export function xmlText(text: string): string {
  // eslint-disable-next-line no-control-regex -- the control characters that XML 1.0 forbids
  const allowed = text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return allowed.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
