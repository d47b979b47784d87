// Imported before everything else: an older Node would fail on the first module it lacks, with a stack instead of a sentence.
const OLDEST_MAJOR = 24;

if (Number(process.versions.node.split('.')[0]) < OLDEST_MAJOR) {
  process.stderr.write(
    `This needs Node ${OLDEST_MAJOR}; this is ${process.version}. The checkout brings it: npm run lianyi-network -- …\n`,
  );
  process.exit(2);
}
