#!/usr/bin/env bash
# A revocation list that @peculiar/x509 writes as PEM is not read by OpenSSL, while the same list as DER is.
#
# version:  @peculiar/x509 2.2.0; OpenSSL 3 of the machine (needs `openssl`)
# input:    a list with one entry, made by X509CrlGenerator, as `toString('pem')` and as its raw data
# expected: the label "X509 CRL" of RFC 7468, section 6, so that both are read
# seen:     the label "CRL"; OpenSSL says that it is unable to load the list
# source:   RFC 7468, section 6, which advises parsers against taking the other label, too; openssl-crl(1)
set -euo pipefail
command -v openssl > /dev/null || { echo 'needs openssl'; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @peculiar/x509@2.2.0 reflect-metadata@0.2.2

cat > run.mjs <<'JS'
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import * as x509 from '@peculiar/x509';

const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const { privateKey } = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
const at = (year) => new Date(Date.UTC(year, 0, 1));
const list = await x509.X509CrlGenerator.create(
  {
    issuer: 'CN=ca',
    thisUpdate: at(2026),
    nextUpdate: at(2027),
    entries: [{ serialNumber: '01', revocationDate: at(2026) }],
    signingKey: privateKey,
    signingAlgorithm,
  },
  webcrypto,
);
writeFileSync('list.pem', list.toString('pem'));
writeFileSync('list.der', Buffer.from(list.rawData));
JS
node run.mjs

openssl version
label=$(head -n 1 list.pem)
pem=$(openssl crl -in list.pem -noout 2> /dev/null && echo read || echo 'not read')
der=$(openssl crl -inform DER -in list.der -noout && echo read || echo 'not read')
renamed=$(sed 's/ CRL-----/ X509 CRL-----/' list.pem | openssl crl -noout && echo read || echo 'not read')
seen="$label; PEM $pem, DER $der, PEM with the label of RFC 7468 $renamed"
echo "$seen"
[ "$seen" = '-----BEGIN CRL-----; PEM not read, DER read, PEM with the label of RFC 7468 read' ] || { echo 'changed: this is not seen any more'; exit 1; }
