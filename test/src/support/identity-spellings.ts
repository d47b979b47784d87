/** Spellings of a certificate that say the same to every reader. */
export const sameCertificate: Readonly<Record<string, (pem: string) => string>> = {
  'ended by carriage return and line feed': (pem) => pem.replaceAll(/\r?\n/g, '\r\n'),
  'without an end of the last line': (pem) => pem.trimEnd(),
  'with empty lines behind it': (pem) => `${pem}\n\n`,
  'in one line': (pem) => linesOf(pem, 4096),
  'in lines of 76': (pem) => linesOf(pem, 76),
};

/**
 * Identities in which one reader may find another certificate than the next one, or none.
 * @param pem - of whoever carries the transaction
 * @param other - of whom that somebody would like to be; nobody has to have signed it
 */
export const doubtfulIdentities: Readonly<Record<string, (pem: string, other: string) => string>> = {
  'two certificates': (pem, other) => other + pem,
  'the same certificate twice': (pem) => pem + pem,
  'words before the certificate': (pem) => `Subject: somebody\n${pem}`,
  'an empty line before it': (pem) => `\n${pem}`,
  'a byte order mark before it': (pem) => `\ufeff${pem}`,
  'words behind it': (pem) => `${pem}who reads this?\n`,
  'a header in it': (pem) => pem.replace('CERTIFICATE-----\n', 'CERTIFICATE-----\nUse: none\n\n'),
  'a space in a line': (pem) => pem.replace('MII', 'M II'),
  'a vertical tab at the end of a line': (pem) => endOfBase64(pem, '\u000b'),
  'base64 that is filled up too far': (pem) => endOfBase64(pem, '===='),
  'base64 that is filled up within': (pem) => pem.replace('MII', 'MI='),
  'half a certificate': (pem) => pem.slice(0, 200),
  'another block': (pem) => pem.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'),
  'another certificate with a letter more, before it': (pem, other) => endOfBase64(other, 'A') + pem,
  'another certificate with a line more, before it': (pem, other) => endOfBase64(other, '\nA') + pem,
  'another certificate with a vertical tab, before it': (pem, other) => endOfBase64(other, '\u000b') + pem,
  'another certificate with a form feed, before it': (pem, other) => endOfBase64(other, '\f') + pem,
  'another certificate that is filled up too far, before it': (pem, other) => endOfBase64(other, '====') + pem,
  'another certificate that is filled up within, before it': (pem, other) => other.replace('MII', 'M=II') + pem,
  'another certificate in base64url, before it': (pem, other) => endOfBase64(other, '--__') + pem,
  'another certificate under another label, before it': (pem, other) => other.replaceAll('CERTIFICATE', 'X509 CERTIFICATE') + pem,
  'another certificate that does not end, before it': (pem, other) => other.replace(/-----END[^]*$/, '') + pem,
  'another certificate behind it': (pem, other) => pem + other,
  nothing: () => '',
};

function endOfBase64(pem: string, more: string): string {
  return pem.replace(/\r?\n-----END/, `${more}\n-----END`);
}

function linesOf(pem: string, width: number): string {
  const base64 = pem.replaceAll(/-----[A-Z ]+-----|\s/g, '');
  return `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(new RegExp(`.{1,${width}}`, 'g'), '$&\n')}-----END CERTIFICATE-----\n`;
}
