#!/usr/bin/env bash
# A fresh install of fabric-contract-api cannot answer with an object: its range of class-transformer ends at a release that has renamed
# the function it calls.
#
# version:  fabric-contract-api 2.5.8, which asks for class-transformer ^0.4.0 and gets 0.4.1
# input:    a transaction's result { state: 'open' }
# expected: its JSON, as a transaction may return anything that JSON can say
# seen:     TypeError, classToPlain is not a function; with class-transformer 0.5.1 forced, which has both names, the JSON
# source:   fabric-contract-api lib/jsontransactionserializer.js toBuffer; class-transformer's change log on instanceToPlain
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > run.cjs <<'JS'
const Serializer = require('fabric-contract-api/lib/jsontransactionserializer.js');
try {
  console.log(new Serializer().toBuffer({ state: 'open' }).toString());
} catch (error) {
  console.log(error.message);
}
JS

install() {
  npm install --silent --no-audit --no-fund --ignore-scripts fabric-contract-api@2.5.8
  node -p "require('class-transformer/package.json').version"
}
echo '{ "private": true }' > package.json
plain="$(install) $(node run.cjs)"
rm -rf node_modules package-lock.json
echo '{ "private": true, "overrides": { "class-transformer": "0.5.1" } }' > package.json
forced="$(install) $(node run.cjs)"

echo "fresh install:   $plain"
echo "0.5.1 forced:    $forced"
[ "$plain" = '0.4.1 classToPlain is not a function' ] && [ "$forced" = '0.5.1 {"state":"open"}' ] || { echo 'changed: this is not seen any more'; exit 1; }
