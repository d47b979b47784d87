#!/usr/bin/env bash
# @medplum/core's stringify, made to write FHIR resources without what is empty, writes null for an empty text or object inside a list.
#
# version:  @medplum/core 5.2.13
# input:    lists with an empty text, an empty object and a null that FHIR allows; an object with an empty text
# expected: empty items left out as empty members are, or kept as JSON.stringify keeps them
# seen:     null in their place, which FHIR's JSON form allows only beside an entry of the list's `_` twin
# source:   FHIR R4, json.html ("Primitive elements", null in arrays); documentation of stringify in @medplum/core
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @medplum/core@5.2.13

cat > run.cjs <<'JS'
globalThis.WebSocket ??= class {}; // Node 20 has none, and the library wants one to load
const { stringify } = require('@medplum/core');
for (const value of [{ given: ['Ling', ''] }, { note: [{}, { text: 'x' }] }, { given: ['Ling', null], _given: [null, { id: 'x' }] }, { text: '', id: 'a' }])
  console.log(`${JSON.stringify(value)} -> ${stringify(value)}`);
JS

seen=$(node run.cjs)
echo "$seen"
[ "$seen" = '{"given":["Ling",""]} -> {"given":["Ling",null]}
{"note":[{},{"text":"x"}]} -> {"note":[null,{"text":"x"}]}
{"given":["Ling",null],"_given":[null,{"id":"x"}]} -> {"given":["Ling",null],"_given":[null,{"id":"x"}]}
{"text":"","id":"a"} -> {"id":"a"}' ] || { echo 'changed: this is not seen any more'; exit 1; }
