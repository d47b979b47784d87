#!/usr/bin/env bash
# @medplum/core's HL7 v2 message gives back a component with its escape sequences as they stand, where a reader expects the text that they stand for.
#
# version:  @medplum/core 5.2.13, which needs Node 22 or newer to be loaded
# input:    an ORU^R01 of HL7 v2.5 whose OBX-5 is "Smith \T\ Jones, 5 \S\ 3": the escaped ampersand and caret of chapter 2.7.1
# expected: Smith & Jones, 5 ^ 3
# seen:     Smith \T\ Jones, 5 \S\ 3; and what is built from a text with an ampersand in it has the ampersand bare, a subcomponent separator
# source:   HL7 v2.5 §2.7.1 (formatting codes), §2.5.4 (delimiters); Hl7Message and Hl7Field of @medplum/core
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @medplum/core@5.2.13

cat > run.cjs <<'JS'
const { Hl7Field, Hl7Message, Hl7Segment } = require('@medplum/core');
const message = Hl7Message.parse(
  ['MSH|^~\\&|LAB|H|HIS|H|20260101||ORU^R01|1|P|2.5', 'OBX|1|ST|1^x||Smith \\T\\ Jones, 5 \\S\\ 3'].join('\r'),
);
console.log(message.getSegment('OBX').getComponent(5, 1));
console.log(new Hl7Segment(['OBX', new Hl7Field([['Smith & Jones']])]).toString());
JS
seen="$(node run.cjs)"
echo "$seen"
[ "$seen" = 'Smith \T\ Jones, 5 \S\ 3
OBX|Smith & Jones' ] || { echo 'changed: this is not seen any more'; exit 1; }
