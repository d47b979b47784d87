#!/usr/bin/env bash
# Reading the endorsement policy of a key into fabric-shim's KeyEndorsementPolicy and writing it back gives another policy.
#
# version:  fabric-shim 2.5.8 with @hyperledger/fabric-protos as it brings it
# input:    "one of A's and B's members", and "a member or a peer of A", as SignaturePolicyEnvelopes
# expected: the same policies: the class says that it decodes and encodes them
# seen:     "A and B both", since the number of signatures is not kept; and of two roles of an organisation only the last
# source:   fabric-shim lib/utils/statebased.js, documentation of KeyEndorsementPolicy
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts fabric-shim@2.5.8

cat > run.cjs <<'JS'
const { KeyEndorsementPolicy } = require('fabric-shim');
const { common, msp } = require('@hyperledger/fabric-protos');

function principal(mspId, role) {
  const content = new msp.MSPRole();
  content.setMspIdentifier(mspId);
  content.setRole(msp.MSPRole.MSPRoleType[role]);
  const made = new msp.MSPPrincipal();
  made.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  made.setPrincipal(content.serializeBinary());
  return made;
}

function oneOf(...principals) {
  const rules = principals.map((_each, index) => {
    const signedBy = new common.SignaturePolicy();
    signedBy.setSignedBy(index);
    return signedBy;
  });
  const outOf = new common.SignaturePolicy.NOutOf();
  outOf.setN(1);
  outOf.setRulesList(rules);
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(outOf);
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(rule);
  envelope.setIdentitiesList(principals);
  return envelope.serializeBinary();
}

function inWords(bytes) {
  const envelope = common.SignaturePolicyEnvelope.deserializeBinary(bytes);
  const roleName = (role) => Object.keys(msp.MSPRole.MSPRoleType).find((name) => msp.MSPRole.MSPRoleType[name] === role);
  const names = envelope.getIdentitiesList().map((each) => {
    const role = msp.MSPRole.deserializeBinary(each.getPrincipal_asU8());
    return `${role.getMspIdentifier()}.${roleName(role.getRole()).toLowerCase()}`;
  });
  return `${envelope.getRule().getNOutOf().getN()} of ${names.join(' ')}`;
}

for (const policy of [oneOf(principal('A', 'MEMBER'), principal('B', 'MEMBER')), oneOf(principal('A', 'MEMBER'), principal('A', 'PEER'))])
  console.log(`${inWords(policy)} -> ${inWords(new KeyEndorsementPolicy(policy).getPolicy())}`);
JS

seen=$(node run.cjs)
echo "$seen"
[ "$seen" = '1 of A.member B.member -> 2 of A.member B.member
1 of A.member A.peer -> 1 of A.peer' ] || { echo 'changed: this is not seen any more'; exit 1; }
