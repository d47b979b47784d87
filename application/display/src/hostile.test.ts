import { htmlOf, type LaidOutPage, layOut, readForDisplay } from './index';
import { printed } from './printed.fixture';

const pageOfDocument = (document: object, language: 'en' | 'zh' = 'en'): LaidOutPage => {
  const shown = readForDisplay(Buffer.from(JSON.stringify(document)));
  return layOut(shown.resource, { ...shown, language });
};
const MARKUP = `<script>alert(1)</script>"'&<img src=//evil.example/x onerror=alert(1)>`;
const report = (more: object): object => ({ resourceType: 'DiagnosticReport', status: 'final', code: { text: 'panel' }, ...more });

describe('a document cannot act on whoever reads its page:', () => {
  const everywhere = report({
    ...{
      code: { text: MARKUP },
      conclusion: MARKUP,
      subject: { display: MARKUP },
      performer: [{ display: MARKUP }],
      issued: '2026-01-02T03:04:05Z',
    },
    ...{ text: { status: 'additional', div: `<div xmlns="http://www.w3.org/1999/xhtml">${MARKUP}<p onclick="x()">said</p></div>` } },
    ...{ presentedForm: [{ title: MARKUP, contentType: 'text/html', data: Buffer.from(`<b>${MARKUP}</b>seen`).toString('base64') }] },
    contained: [
      {
        resourceType: 'Observation',
        id: 'a',
        status: 'final',
        code: { text: MARKUP },
        valueString: MARKUP,
        note: [{ text: MARKUP, authorString: MARKUP }],
      },
      { resourceType: 'Basic', id: 'b', code: { text: MARKUP } },
    ],
    result: [{ reference: '#a' }],
  });

  it.each(['en', 'zh'] as const)('its page has no element, attribute or address of the document’s, in %s', (language) => {
    const html = htmlOf(pageOfDocument(everywhere, language));
    expect(html.match(/<(?:script|img|iframe|object|link|a|svg|form|input|base)\b/gi)).toBeNull();
    expect(html.match(/<[^>]*\s(?:on\w+|src|href)\s*=/gi)).toBeNull();
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/https?:|url\(|@import/);
  });

  it('only elements that a page is made of stand there', () => {
    const names = new Set([...htmlOf(pageOfDocument(everywhere)).matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, name]) => name?.toLowerCase()));
    const own = '!doctype html head meta title style body h1 h2 h3 p dl dt dd table thead tbody tr th td div footer'.split(' ');
    expect([...names].filter((name) => !own.includes(name ?? ''))).toEqual([]);
  });

  it('a narrative is told by its words alone, and a script is no word', () => {
    const text = printed(pageOfDocument(everywhere));
    expect(text).toContain('said');
    expect(text).toContain('seen');
    const narrative = text.slice(text.indexOf('## Text'), text.indexOf('## Conclusion'));
    expect(narrative).not.toContain('alert');
  });

  it('what turns the direction of a text is shown as a sign, and a value stays as it is', () => {
    const text = printed(pageOfDocument(report({ conclusion: 'K \u202e9.5\u202c \u0007\u009b31m' })));
    expect(text).toContain('K \ufffd9.5\ufffd \ufffd\ufffd31m');
  });
});

describe('a document cannot keep whoever reads its page:', () => {
  const observation = (id: string, more: object = {}): object => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: id },
    valueString: id,
    ...more,
  });

  it('results that name each other are shown once', () => {
    const contained = [
      observation('a', { hasMember: [{ reference: '#b' }, { reference: '#a' }] }),
      observation('b', { hasMember: [{ reference: '#a' }] }),
    ];
    const text = printed(pageOfDocument(report({ contained, result: [{ reference: '#a' }, { reference: '#b' }, { reference: '#a' }] })));
    expect(text.match(/\| (?:> )*[ab] \| [ab] \|/g)).toEqual(['| a | a |', '| > b | b |']);
  });

  it('a chain that is deeper than any report ends, and what is below it is shown beside it', () => {
    const contained = Array.from({ length: 40 }, (_each, at) =>
      observation(`o${at}x`, at < 39 ? { hasMember: [{ reference: `#o${at + 1}x` }] } : {}),
    );
    const text = printed(pageOfDocument(report({ contained, result: [{ reference: '#o0x' }] })));
    expect(Array.from({ length: 40 }, (_each, at) => text.includes(`o${at}x | o${at}x`)).every((each) => each)).toBe(true);
  });

  it('of more results than anybody reads so many are shown, and the page says that there are more', () => {
    const contained = Array.from({ length: 20_000 }, (_each, at) => observation(`o${at}`));
    const page = pageOfDocument(report({ contained, result: contained.map((_each, at) => ({ reference: `#o${at}` })) }));
    expect(page.warnings.join()).toContain('more than this page shows');
    expect(htmlOf(page).length).toBeLessThan(1_000_000);
  });

  it('a narrative that is no markup is read in one pass', () => {
    const text = '<'.repeat(150_000);
    const before = process.cpuUsage();
    printed(pageOfDocument(report({ text: { status: 'additional', div: `<div>${text}</div>` }, conclusion: 'c' })));
    const { user } = process.cpuUsage(before);
    expect(user / 1000).toBeLessThan(3_000);
  });

  it('a text of one endless line is cut, visibly', () => {
    const text = printed(pageOfDocument(report({ conclusion: 'x'.repeat(50_000) })));
    expect(text).toContain('xxx…');
    expect(text.length).toBeLessThan(30_000);
  });
});

describe('a page says what a reader must not miss:', () => {
  it.each<[string, object, RegExp]>([
    ['that a result is preliminary', report({ status: 'preliminary', conclusion: 'c' }), /! This is not the final result/],
    ['that it was entered in error', report({ status: 'entered-in-error', conclusion: 'c' }), /! This was cancelled/],
    ['that it corrects another', report({ status: 'amended', conclusion: 'c' }), /! This corrects/],
    [
      'that an extension may change what it says',
      report({ conclusion: 'c', modifierExtension: [{ url: 'https://x.example/not', valueBoolean: true }] }),
      /! The document holds an extension/,
    ],
    ['that it fits no profile', report({}), /! This document does not fit/],
    [
      'that a medicine must not be given',
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        intent: 'order',
        doNotPerform: true,
        medicationCodeableConcept: { text: 'm' },
        subject: { display: 'p' },
      },
      /DO NOT GIVE/,
    ],
    [
      'that a diagnosis is refuted',
      { resourceType: 'Condition', verificationStatus: { coding: [{ code: 'refuted' }] }, code: { text: 'm' }, subject: { display: 'p' } },
      /\| m \|.*refuted/,
    ],
    [
      'that a result is not in the document',
      report({ result: [{ reference: 'Observation/9', display: 'K' }] }),
      /\| K \| \(not in this document\)/,
    ],
  ])('%s', (_what, document, expected) => {
    expect(printed(pageOfDocument(document))).toMatch(expected);
  });
});

describe('a value is marked', () => {
  const marked = (more: object): string => {
    const range = { referenceRange: [{ low: { value: 3.5, unit: 'mmol/L' }, high: { value: 5.3, unit: 'mmol/L' } }] };
    const one = {
      resourceType: 'Observation',
      id: 'k',
      status: 'final',
      code: { text: 'K' },
      valueQuantity: { value: 5.9, unit: 'mmol/L' },
      ...range,
      ...more,
    };
    return (
      /\| K \|.*/
        .exec(printed(pageOfDocument(report({ contained: [one], result: [{ reference: '#k' }] }))))?.[0]
        .split(' | ')
        .at(-1) ?? ''
    );
  };
  const said = (code: string): object => ({ interpretation: [{ coding: [{ code }] }] });
  it.each<[string, object, string]>([
    ['as its document says', said('H'), '↑ high {abnormal}'],
    [
      'critical, before all else',
      { interpretation: [{ coding: [{ code: 'H' }] }, { coding: [{ code: 'HH' }] }] },
      '↑ high; ↑↑ critical high {critical}',
    ],
    ['by its range, where the document says nothing', {}, '↑ high * {abnormal}'],
    ['by its range, where the document says that all is well', said('N'), 'normal; ↑ high * {abnormal}'],
    ['low, by its range', { valueQuantity: { value: 3.4, unit: 'mmol/L' } }, '↓ low * {abnormal}'],
    ['not, within its range', { valueQuantity: { value: 5.3, unit: 'mmol/L' } }, ''],
    ['not by a range of another unit', { valueQuantity: { value: 590, unit: 'mg/L' } }, ''],
    ['not by a range of some people', { referenceRange: [{ high: { value: 5, unit: 'mmol/L' }, appliesTo: [{ text: 'pregnant' }] }] }, ''],
    [
      'not by one of several ranges',
      { referenceRange: [{ high: { value: 5, unit: 'mmol/L' } }, { high: { value: 9, unit: 'mmol/L' } }] },
      '',
    ],
    ['not if it is only known to be more', { valueQuantity: { comparator: '>', value: 5.9, unit: 'mmol/L' } }, ''],
    ['by a code that nobody knows, in its words', { interpretation: [{ text: 'odd' }] }, 'odd; ↑ high * {abnormal}'],
  ])('%s', (_how, more, expected) => {
    expect(marked(more)).toBe(expected);
  });

  it('and written as it was: digits are not rounded, nor dropped', () => {
    const text = '{"resourceType":"Observation","status":"final","code":{"text":"K"},"valueQuantity":{"value":5.90,"unit":"mmol/L"}}';
    const shown = readForDisplay(Buffer.from(text));
    expect(printed(layOut(shown.resource, { ...shown, language: 'en' }))).toContain('| K | 5.90 | mmol/L');
  });
});
