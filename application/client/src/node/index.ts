export { loadCertificateFile } from './certificate-file';
export { asStorageFault, hasCode, syncDirectory, writeDurably } from './durable-write';
export { type Answer, exchange, type Exchange } from './https-exchange';
export { connectMemberNode, httpsTransport } from './https-transport';
export { createKeyFile, loadKeyFile } from './key-file';
export { readPassphrase } from './passphrase';
export { createWallet, openWallet } from './wallet-file';
