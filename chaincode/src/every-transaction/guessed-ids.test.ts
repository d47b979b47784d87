import { guessIds } from './guessed-ids.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();

describe('whoever has nothing to do with a patient', () => {
  it('is answered in the same bytes about an id that names something and one that names nothing, by every query', async () => {
    const { questions, differences } = await guessIds(stage(), 0);
    expect(questions).toBeGreaterThan(200);
    expect(differences).toEqual([]);
  });
});
