import { type Attack } from '../attack';
import { consentNobodyGave } from './h2-consent-nobody-gave';
import { unsignedChain } from './l2-unsigned-chain';
import { untrueAnswers } from './l5-untrue-answers';
import { anyCertificateCarries } from './l7-any-certificate-carries';
import { oneRegistrarEndsAccess } from './m13-one-registrar-ends-access';
import { m14 } from './m14';
import { forgedBlock } from './m2-forged-block';
import { anybodysWord } from './m3-anybodys-word';
import { m5 } from './m5';
import { m6 } from './m6';

/** Every attack, in the order of their ids. */
export const attacks: readonly Attack[] = [
  consentNobodyGave,
  forgedBlock,
  anybodysWord,
  m5,
  m6,
  oneRegistrarEndsAccess,
  m14,
  unsignedChain,
  untrueAnswers,
  anyCertificateCarries,
];
