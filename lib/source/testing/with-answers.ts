import type { S3Options } from "../s3-session";
import { openS3Source } from "../s3-source";
import type { ObjectSource } from "../source";
import { playAnswers, type Recording } from "./answer-player";

type WithAnswers = <T>(
  answers: readonly Recording[],
  work: (source: ObjectSource, requests: string[]) => Promise<T>,
  options?: Partial<S3Options>,
) => Promise<T>;

/** Opens a source on a store that plays these answers, for one piece of work, and closes both. No pauses. */
export function withAnswersOn(lean: boolean): WithAnswers {
  return async (answers, work, options = {}) => {
    const player = await playAnswers(answers);
    const source = openS3Source(player.settings, { allowEndpoints: null, random: () => 0, lean, ...options });
    try {
      return await work(source, player.requests);
    } finally {
      source.close();
      await player.close();
    }
  };
}
