import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exactJson, exactText } from '../resources/exact-json';
import { jsonTextOfXml } from './read-xml';
import { xmlOfResource } from './write-xml';
import { codeThrownBy } from '../thrown.fixture';

const patient = {
  resourceType: 'Patient',
  id: 'p.1',
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><p class="a">A &amp; B &lt; C<br/></p></div>' },
  contained: [{ resourceType: 'Organization', id: 'o', name: 'House "A" & <B>' }],
  active: false,
  name: [{ id: 'n1', family: '李', given: ['a', null, 'c'], _given: [null, { extension: [{ url: 'urn:x', valueBoolean: true }] }, null] }],
  _birthDate: { extension: [{ url: 'urn:absent', valueCode: 'unknown' }] },
  multipleBirthInteger: 2,
};

describe('FHIR in XML', () => {
  it('says what the same resource in JSON says, in the order of the definitions', () => {
    const xml = xmlOfResource(patient);
    expect(JSON.parse(jsonTextOfXml(xml))).toEqual(patient);
    expect(xml).toContain('<Patient xmlns="http://hl7.org/fhir"><id value="p.1"/><text><status value="generated"/><div xmlns=');
    expect(xml).toContain(
      '<given value="a"/><given><extension url="urn:x"><valueBoolean value="true"/></extension></given><given value="c"/>',
    );
  });

  it.each(['laboratory-report-zh.json', 'imaging-report-en.json'])('%s goes there and back', (name) => {
    const resource = JSON.parse(readFileSync(join(__dirname, '../../../examples', name), 'utf8')) as typeof patient;
    expect(JSON.parse(jsonTextOfXml(xmlOfResource(resource)))).toEqual(resource);
  });

  it('keeps a number in its spelling', () => {
    const text = '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.500}}';
    const xml = `<Observation xmlns="http://hl7.org/fhir"><status value="final"/><code><text value="x"/></code><valueQuantity><value value="1.500"/></valueQuantity></Observation>`;
    expect(jsonTextOfXml(xml)).toBe(text);
    expect(exactText(exactJson(text))).toBe(text);
  });

  const inside = (content: string): string => `<Patient xmlns="http://hl7.org/fhir">${content}</Patient>`;
  it.each([
    ['a document type', `<!DOCTYPE Patient>${inside('')}`],
    ['an entity of its own', inside('<id value="&own;"/>')],
    ['a processing instruction', `<?x y?>${inside('')}`],
    ['what is not well-formed', '<Patient xmlns="http://hl7.org/fhir">'],
    ['two roots', inside('') + inside('')],
    ['no namespace', '<Patient/>'],
    ['another namespace', '<Patient xmlns="urn:x"/>'],
    ['a prefix', '<f:Patient xmlns:f="http://hl7.org/fhir"/>'],
    ['a type that is none', '<Colour xmlns="http://hl7.org/fhir"/>'],
    ['a part of a type', '<Bundle.entry xmlns="http://hl7.org/fhir"/>'],
    ['an element that is none', inside('<colour value="red"/>')],
    ['an element twice', inside('<active value="true"/><active value="true"/>')],
    ['a text between elements', inside('red')],
    ['an attribute that is none', inside('<active value="true" colour="red"/>')],
    ['an element inside of a primitive', inside('<active value="true"><active value="true"/></active>')],
    ['two resources in one place', inside('<contained><Patient/><Patient/></contained>')],
    ['a narrative that is no XHTML', inside('<text><status value="empty"/><div>x</div></text>')],
    ['nothing', ''],
  ])('is refused with %s', (_what, text) => {
    expect(codeThrownBy(() => jsonTextOfXml(text))).toBe('DOCUMENT_NOT_FHIR');
  });

  it('is refused where it nests without measure', () => {
    const text = inside(`${'<extension url="u">'.repeat(70)}${'</extension>'.repeat(70)}`);
    expect(codeThrownBy(() => jsonTextOfXml(text))).toBe('DOCUMENT_TOO_DEEP');
  });
});
