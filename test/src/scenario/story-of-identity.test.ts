import { archiveCases } from './story/archive-cases';
import { concurrencyCases } from './story/concurrency-cases';
import { capacityCases } from './story/capacity-cases';
import { duplicateCases } from './story/duplicate-cases';
import { inboxCases } from './story/inbox-cases';
import { linkageCases } from './story/linkage-cases';
import { lostPhraseCases } from './story/lost-phrase-cases';
import { pinCases } from './story/pin-cases';
import { pointerCases } from './story/pointer-cases';
import { recoveryCases } from './story/recovery-cases';
import { reshareCases } from './story/reshare-cases';
import { contractsOfIdentity, tellStory } from './story/tell';

tellStory('identity', 'the story of a patient who is known at two hospitals and comes back', {
  chapters: [
    ['at the same time', concurrencyCases],
    // resharing first: who has shares of another key takes none that comes of this one
    ['one person at two hospitals', reshareCases, duplicateCases],
    ['a pointer', pointerCases],
    ['a lost wallet', recoveryCases, inboxCases, archiveCases],
    ['pseudonyms and summary slots', linkageCases],
    ['capacity and death', capacityCases],
    ['a lost phrase', lostPhraseCases, pinCases],
  ],
  secrets: ['numbers', 'phrases', 'spoken'],
  contracts: (contract) => contractsOfIdentity.has(contract),
});
