import { decodePem } from './pem';

/** `QUJD` is ABC, `REVG` is DEF. */
const block = (content = 'QUJD', label = 'X'): string => `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;

describe('a PEM text', () => {
  it.each([
    ['one block', block(), 'X', 'ABC'],
    ['text before it', `who it is\n${block()}`, 'X', 'ABC'],
    ['text behind it', `${block()}who it was`, 'X', 'ABC'],
    ['a label in small letters', block('QUJD', 'x509 crl'), 'x509 crl', 'ABC'],
    ['a label of any signs', block('QUJD', '!ü-'), '!ü-', 'ABC'],
    ['no label', block('QUJD', ''), '', 'ABC'],
    ['header lines', block('Proc-Type: 4\nUse:\n\nQUJD'), 'X', 'ABC'],
    ['header lines and no blank line', block('Use: none\nQUJD'), 'X', 'ABC'],
    ['lines that end with both', block('QU\nJD').replaceAll('\n', '\r\n'), 'X', 'ABC'],
    ['blanks in its lines', block(' QU\tJD ').replaceAll('-----\n', '----- \t\n'), 'X', 'ABC'],
    ['no content', '-----BEGIN X-----\n-----END X-----', 'X', ''],
    ['a beginning without an end before it', `-----BEGIN Y-----\n${block()}`, 'X', 'ABC'],
    ['a letter too many, and another block', `${block('QUJDA')}${block('REVG')}`, 'X', 'DEF'],
    ['a filler that is missing, and another block', `${block('QUI')}${block('REVG')}`, 'X', 'DEF'],
    ['a filler within, and another block', `${block('QUI=QUJD')}${block('REVG')}`, 'X', 'DEF'],
    ['a sign that is none, and another block', `${block('QU-D')}${block('REVG')}`, 'X', 'DEF'],
    ['another label at its end, and another block', `${block().replace('END X', 'END Y')}${block('REVG')}`, 'X', 'DEF'],
    ['text behind its last dashes, and another block', `${block().trimEnd()} x\n${block('REVG')}`, 'X', 'DEF'],
  ])('with %s is read as Go reads it', (_what, text, label, content) => {
    const read = decodePem(text);
    expect([read?.label, read?.content.toString('latin1')]).toEqual([label, content]);
  });

  it.each([
    ['nothing', ''],
    ['text', 'no certificate'],
    ['a block within a line', `x${block()}`],
    ['a block that does not end', '-----BEGIN X-----\nQUJD\n'],
    ['an end alone', '\n-----END X-----\n'],
    ['a byte order mark', `\ufeff${block()}`],
    ['lines that end with a carriage return alone', block().replaceAll('\n', '\r')],
    ['lines that end with a form feed alone', block().replaceAll('\n', '\f')],
    ['lines that end as in Unicode', block().replaceAll('\n', '\u2028')],
    ['a no-break space before it', `\u00a0${block()}`],
    ['indented lines', block().replaceAll('\n-', '\n -')],
    ['a header line in place of its end', '-----BEGIN X-----\n-----END X-----:\n'],
    ['four fillers', block('QQ====')],
  ])('with %s has no block', (_what, text) => {
    expect(decodePem(text)).toBeUndefined();
  });
});
