// node make-table.cjs FOLDER: prints src/r4-elements.ts from HL7's FHIR R4 (4.0.1) definitions: profiles-resources.json, profiles-types.json,
// valuesets.json and v3-codesystems.json of FOLDER. A group is a type or an element with elements of its own; an element is "min max type", then
// the name of its choice, if it is one. A code whose binding is required, to a value set that can be told code by code, is "code#set".
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const upper = (name) => name[0].toUpperCase() + name.slice(1);

function codeOf(type) {
  if (!type.code.startsWith('http://hl7.org/fhirpath/')) return type.code;
  const fhirType = (type.extension ?? []).find(({ url }) => url.endsWith('structuredefinition-fhir-type'));
  return fhirType?.valueUrl ?? fhirType?.valueUri ?? 'string';
}

/** The codes of value sets, by name, as far as elements are bound to them. */
class Codes {
  used = {};
  #sets = new Map();
  #systems = new Map();

  constructor(folder) {
    for (const file of ['valuesets.json', 'v3-codesystems.json'])
      for (const { resource } of JSON.parse(readFileSync(join(folder, file), 'utf8')).entry) {
        if (resource.resourceType === 'ValueSet') this.#sets.set(resource.url, resource);
        if (resource.resourceType === 'CodeSystem') this.#systems.set(resource.url, resource);
      }
  }

  /** `code#set` where the set is small enough to be told: not media types, languages or currencies. */
  typeOf(element) {
    const url = element.binding?.strength === 'required' ? element.binding.valueSet.replace(/\|.*$/, '') : '';
    const codes = element.type[0].code === 'code' ? this.#codesOf(url) : undefined;
    if (codes === undefined) return codeOf(element.type[0]);
    const name = url.slice(url.lastIndexOf('/') + 1);
    this.used[name] = [...codes].join(' ');
    return `code#${name}`;
  }

  #codesOf(url) {
    const parts = this.#sets.get(url)?.compose;
    if (parts === undefined || parts.exclude !== undefined) return undefined;
    const codes = new Set();
    for (const { system, concept, filter, valueSet } of parts.include) {
      const whole = this.#systems.get(system)?.content === 'complete' ? this.#systems.get(system).concept : undefined;
      if (filter !== undefined || valueSet !== undefined || (concept ?? whole) === undefined) return undefined;
      addCodes(codes, concept ?? whole);
    }
    return codes;
  }
}

function addCodes(codes, concepts) {
  for (const { code, concept = [] } of concepts) {
    codes.add(code);
    addCodes(codes, concept);
  }
}

function addElement(groups, element, parents, bound) {
  const dot = element.path.lastIndexOf('.');
  if (dot < 0) return;
  const group = (groups[element.path.slice(0, dot)] ??= {});
  const name = element.path.slice(dot + 1);
  const max = element.max === '1' ? '1' : '*';
  if (element.max === '0') return;
  if (name.endsWith('[x]')) {
    const choice = name.slice(0, -3);
    for (const type of element.type) group[choice + upper(codeOf(type))] = `0 ${max} ${codeOf(type)} ${choice}`;
    if (element.min > 0) group[name] = `${element.min} ${max} choice`;
    return;
  }
  const type = element.contentReference?.replace(/^.*#/, '') ?? (parents.has(element.path) ? element.path : bound.typeOf(element));
  group[name] = `${element.min} ${max} ${type}`;
}

function main(folder) {
  const groups = {};
  const bound = new Codes(folder);
  for (const file of ['profiles-types.json', 'profiles-resources.json']) {
    for (const { resource } of JSON.parse(readFileSync(join(folder, file), 'utf8')).entry) {
      const isType = resource.kind === 'complex-type' || resource.kind === 'resource';
      if (resource.resourceType !== 'StructureDefinition' || !isType || resource.abstract) continue;
      if (resource.derivation !== undefined && resource.derivation !== 'specialization') continue;
      const parents = new Set(resource.snapshot.element.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('.')))));
      for (const element of resource.snapshot.element) addElement(groups, element, parents, bound);
    }
  }
  const sorted = (object) => JSON.stringify(Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))));
  const [table, codes] = [sorted(groups), sorted(bound.used)];
  if (/['\\]/.test(table + codes)) throw new Error('the table does not fit between quotes');
  process.stdout.write(
    [
      '// Printed by definitions/make-table.cjs; a string, so that the package needs no file of its own where it runs (a browser has none).',
      '/** The elements of each type of FHIR R4 (4.0.1), as JSON. */',
      `export const r4Elements =\n  '${table}';`,
      '/** The codes of the value sets that elements must take theirs from, as JSON. */',
      `export const r4Codes =\n  '${codes}';\n`,
    ].join('\n'),
  );
}

main(process.argv[2]);
