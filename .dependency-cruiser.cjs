// The import graph of docs/architecture.md, as rules. That a package imports only what it declares, and only what stands on a lower floor,
// its package.json, `exports` and test/src/architecture/rooms.test.ts hold; here stands what they cannot see.
const isTest = '\\.(test|fixture)\\.ts$';
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^domain/src', pathNot: ['^domain/src/crypto/', isTest] },
      to: { pathNot: ['^domain/src', 'node_modules/zod/'] },
    },
    // hashes and signature checks are pure too, and both sides must run the same code
    {
      name: 'domain-crypto-is-pure',
      severity: 'error',
      from: { path: '^domain/src/crypto/', pathNot: isTest },
      // `#crypto` has two forms: Node's own library, and plain JavaScript for a browser
      to: { pathNot: ['^domain/src', '^domain/dist/crypto/', '^#crypto$', '^(node:)?crypto$', 'node_modules/@noble/(curves|hashes)/'] },
    },
    // Fabric's formats and rules: bytes in, bytes out
    {
      name: 'protocol-is-pure',
      severity: 'error',
      from: { path: '^network/protocol/src/', pathNot: isTest },
      to: { path: '^(node:)?(fs|net|http|https|http2|tls|dgram|child_process|worker_threads|os|path)(/|$)|node_modules/@grpc/' },
    },
    {
      name: 'another-package-by-its-name',
      severity: 'error',
      from: { path: '^((?:(?:application|network)/)?[^/]+)/src' },
      to: { path: '^(domain|chaincode|application|network)/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-test-in-source',
      severity: 'error',
      from: { path: '/src/', pathNot: [isTest, '^test/'] },
      to: { path: [isTest, '^test/'] },
    },
    {
      name: 'no-dev-dep-in-src',
      severity: 'error',
      from: { path: '^(domain|chaincode|application|network)/', pathNot: isTest },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['lianyi-source', 'node', 'require', 'default'] },
  },
};
