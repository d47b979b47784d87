// node make-table.cjs FOLDER: prints r4.json from HL7's FHIR R4 (4.0.1) definitions, profiles-resources.json and profiles-types.json of FOLDER.
// A group is a type or an element with elements of its own; an element is "min max type", then the name of its choice, if it is one.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const upper = (name) => name[0].toUpperCase() + name.slice(1);

function codeOf(type) {
  if (!type.code.startsWith('http://hl7.org/fhirpath/')) return type.code;
  const fhirType = (type.extension ?? []).find(({ url }) => url.endsWith('structuredefinition-fhir-type'));
  return fhirType?.valueUrl ?? fhirType?.valueUri ?? 'string';
}

function addElement(groups, element, parents) {
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
  const type = element.contentReference?.replace(/^.*#/, '') ?? (parents.has(element.path) ? element.path : codeOf(element.type[0]));
  group[name] = `${element.min} ${max} ${type}`;
}

function main(folder) {
  const groups = {};
  for (const file of ['profiles-types.json', 'profiles-resources.json']) {
    for (const { resource } of JSON.parse(readFileSync(join(folder, file), 'utf8')).entry) {
      const isType = resource.kind === 'complex-type' || resource.kind === 'resource';
      if (resource.resourceType !== 'StructureDefinition' || !isType || resource.abstract) continue;
      if (resource.derivation !== undefined && resource.derivation !== 'specialization') continue;
      const parents = new Set(resource.snapshot.element.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('.')))));
      for (const element of resource.snapshot.element) addElement(groups, element, parents);
    }
  }
  const table = JSON.stringify(Object.fromEntries(Object.entries(groups).sort(([a], [b]) => (a < b ? -1 : 1))));
  if (/['\\]/.test(table)) throw new Error('the table does not fit between quotes');
  process.stdout.write(
    [
      '// Printed by definitions/make-table.cjs; a string, so that the package needs no file of its own where it runs (a browser has none).',
      '/** The elements of each type of FHIR R4 (4.0.1), as JSON. */',
      `export const r4Elements =\n  '${table}';\n`,
    ].join('\n'),
  );
}

main(process.argv[2]);
