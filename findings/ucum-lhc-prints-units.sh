#!/usr/bin/env bash
# @lhncbc/ucum-lhc prints the text that it is asked about on standard output, where a reader expects the answer alone: a clinical text ends up in a log.
#
# version:  @lhncbc/ucum-lhc 7.1.10
# input:    validateUnitString and convertUnitTo of a unit as hospitals write it into Quantity.unit: "mmol/L fasting, see note"
# expected: an answer of status invalid, error or failed, with the reason in its message, and nothing on standard output
# seen:     that answer, and for each question a line with the whole text of the unit on standard output
# source:   README of the package: both functions return an object with status and msg; nothing is said of output
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @lhncbc/ucum-lhc@7.1.10

cat > run.cjs <<'JS'
const { UcumLhcUtils } = require('@lhncbc/ucum-lhc');
const ucum = UcumLhcUtils.getInstance();
const unit = 'mmol/L fasting, see note';
const answers = [ucum.validateUnitString(unit).status, ucum.convertUnitTo(unit, 1, 'mmol/L').status];
process.stderr.write(`${answers.join(' ')}\n`);
JS
printed="$(node run.cjs 2> answers.txt)"
echo "answers: $(cat answers.txt)"
echo "printed: $printed"
[ "$(cat answers.txt)" = 'error failed' ] && [ "$(grep -c 'mmol/L fasting, see note' <<< "$printed")" = 2 ] ||
  { echo 'changed: this is not seen any more'; exit 1; }
