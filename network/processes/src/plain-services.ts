import { type ChaincodeSource, OperatorError } from '@lianyi/network-model';

/** Peers dial their chaincode by mutual TLS. @throws {@link OperatorError} `CHAINCODE_FOLDER`. */
export function refusePlainServices(sources: readonly ChaincodeSource[]): void {
  const plain = sources.find(({ command }) => command.kind === 'script' && command.isPlain);
  if (plain)
    throw new OperatorError('CHAINCODE_FOLDER', {
      en: `start:server of ${plain.folder} names TLS files that are not there, and its command without TLS is for the embedded network only; CORE_CHAINCODE_TLS_KEY_FILE, _CERT_FILE and _CLIENT_CACERT_FILE name the files`,
      zh: `${plain.folder} 的 start:server 提到不存在的 TLS 文件，而其不带 TLS 的命令只用于内嵌网络；用 CORE_CHAINCODE_TLS_KEY_FILE、_CERT_FILE 和 _CLIENT_CACERT_FILE 指定这些文件`,
    });
}
