// What is mutated, and what has to notice: of each subject the unit tests that are about it, and no others, so that a mutant takes a second. Of the
// engine those that try examples alone: those that try hundreds of worlds take as long as all the rest, and say of none what is right.
const tests = (...patterns) => patterns.map((pattern) => `**/domain/src/${pattern}.test.ts`);
const sources = (...patterns) => patterns.map((pattern) => `domain/src/${pattern}.ts`);

/** @type {Readonly<Record<string, { sources: readonly string[], tests: readonly string[] }>>} */
module.exports = {
  engine: {
    sources: sources('access/{combine,decide-access,decision,entities,provision,question,several-records,ticket,uses}', 'access/sources/*'),
    tests: tests('access/!(*.properties|*.model)', 'copies/copy'),
  },
  consent: { sources: sources('consent/{grant,grantee}'), tests: tests('consent/*') },
  validators: {
    sources: sources('ids', 'instant', 'encoding/{base64url,canonical-json,stored-json,strict-json,values}'),
    tests: tests('{ids,instant}', 'encoding/*'),
  },
  keys: { sources: sources('owned-ids', 'catalogue/entity'), tests: tests('owned-ids', 'catalogue/entity') },
};
