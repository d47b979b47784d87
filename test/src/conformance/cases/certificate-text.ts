import { bytesOf, marshal, msp } from '@lianyi/fabric-protocol';
import { type ConformanceCase, observedCase } from '../conformance-case';
import { A } from '../conformance-network';
import { craftProposal } from '../craft';
import { evaluateRaw } from '../raw-requests';

/** User1 of A, whose certificate is written another way. */
function written(id: string, title: string, how: (pem: string) => string): ConformanceCase {
  return observedCase(id, `a certificate ${title}`, async (network) => {
    const { craftsman, client } = network.as(A);
    const identity = msp.SerializedIdentity.deserializeBinary(craftsman.creator);
    identity.setIdBytes(Buffer.from(how(bytesOf(identity.getIdBytes_asU8()).toString('utf8'))));
    return evaluateRaw(client, craftProposal({ ...craftsman, creator: marshal(identity) }, { args: ['get', 'x'] }));
  });
}

/** What is a certificate in PEM, and what is not: Go's pem.Decode decides. */
export const certificateTextCases: readonly ConformanceCase[] = [
  written('79a', 'after a byte order mark', (pem) => `\ufeff${pem}`),
  written('79b', 'in lines that end with a carriage return alone', (pem) => pem.replaceAll('\n', '\r')),
  written('79c', 'in lines that end with both', (pem) => pem.replaceAll('\n', '\r\n')),
  written('79d', 'after a line of text', (pem) => `User1 of A\n${pem}`),
  written('79e', 'after text on the same line', (pem) => `User1 ${pem}`),
  written('79f', 'without the end of its last line', (pem) => pem.trimEnd()),
  written('79g', 'that ends under another label', (pem) => pem.replace('END CERTIFICATE', 'END PUBLIC KEY')),
  written('79h', 'with text behind its end', (pem) => `${pem.trimEnd()} User1`),
  written('79i', 'with indented lines', (pem) => pem.replaceAll('\n', '\n ').replace('\n -----END', '\n-----END')),
  written('79j', 'all on one line', (pem) => pem.replaceAll('\n', '')),
];
