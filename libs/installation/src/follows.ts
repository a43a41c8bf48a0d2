import { auditAnew, auditEntryRows, foldAudit } from '#audit';
import {
  fingerprintRows,
  foldIdentity,
  foldVerification,
  identityAnew,
  type SubjectKeys,
  verificationAnew,
  verificationRows,
} from '#casebook';
import type { Follows, Streams } from '#commands';
import { foldProgress, progressAnew, progressRows, progressSumRows } from '#monitoring';
import { foldOutcomes, outcomeRows, outcomesAnew } from '#outcomes';
import type { Studies } from '#study';

interface FollowSources {
  readonly streams: Streams;
  readonly studies: Studies;
  readonly subjectKeys: SubjectKeys;
}

/** Everything that follows the logs, by the follower's name. */
export function followsOf({ streams, studies, subjectKeys }: FollowSources) {
  return {
    outcomes: { models: [outcomeRows], fold: foldOutcomes(studies), anew: outcomesAnew(studies) },
    audit: { models: [auditEntryRows], fold: foldAudit(), anew: auditAnew() },
    verification: {
      models: [verificationRows],
      fold: foldVerification(streams, studies),
      anew: verificationAnew(studies),
    },
    progress: {
      models: [progressRows, progressSumRows],
      fold: foldProgress(streams, studies),
      anew: progressAnew(studies),
    },
    identity: {
      models: [fingerprintRows],
      fold: foldIdentity(studies, subjectKeys),
      anew: identityAnew(studies, subjectKeys),
    },
  } satisfies Record<string, Follows>;
}
