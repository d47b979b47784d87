#!/usr/bin/env bash
# The option toSJISFunc of one call of qrcode stays in force for all later calls of the process, which then refuse simplified Chinese.
#
# version:  qrcode 1.5.4
# input:    the text 简体 before and after one code made with { toSJISFunc }, each without options of its own
# expected: the same code twice: an option belongs to the call it is given to
# seen:     bytes before; "Invalid SJIS character" after, since the text is now taken for Japanese
# source:   qrcode README, "QR Code options" (toSJISFunc) and "Kanji mode"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts qrcode@1.5.4

cat > run.cjs <<'JS'
const { create } = require('qrcode');
const toSJISFunc = require('qrcode/helper/to-sjis');

function modesOf(text, options) {
  try {
    return create(text, options).segments.map(({ mode }) => mode.id).join(' ');
  } catch (error) {
    return error.message.split('\n')[0];
  }
}
console.log(`before: ${modesOf('简体')}`);
console.log(`with the option: ${modesOf('漢字', { toSJISFunc })}`);
console.log(`after: ${modesOf('简体')}`);
JS

seen=$(node run.cjs)
echo "$seen"
[ "$seen" = 'before: Byte
with the option: Kanji
after: Invalid SJIS character: 简' ] || { echo 'changed: this is not seen any more'; exit 1; }
