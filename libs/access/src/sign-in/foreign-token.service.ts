import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { Pool } from 'pg';
import { Problem } from '#problem';

export interface Issuer {
  /** Exactly as it stands in the tokens’ `iss`. */
  readonly url: string;
  readonly audience: string;
}

/** No `none`, and nothing symmetric: the issuer’s keys are public. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA'];
const PATIENCE_MS = 5000;

/**
 * Access tokens of an OpenID Connect issuer, where one is set. The issuer says who somebody is, by a verified
 * e-mail; what they may do, the grants of the account with this e-mail say.
 */
export class ForeignTokens {
  private keys: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;

  constructor(
    private readonly issuer: Issuer | undefined,
    private readonly pool: Pool,
    private readonly now: () => Date,
  ) {}

  /** The active account that a token stands for; undefined for what is no valid token of the issuer, or nobody’s. */
  async userOf(token: string): Promise<string | undefined> {
    if (!this.issuer) return undefined;
    const { url: issuer, audience } = this.issuer;
    if (claimedIssuer(token) !== issuer) return undefined;
    const keys = await this.keysOf(issuer);
    const verified = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['sub', 'exp'],
      currentDate: this.now(),
    }).catch(() => undefined);
    const { email, email_verified } = verified?.payload ?? {};
    if (typeof email !== 'string' || email_verified !== true) return undefined;
    const { rows } = await this.pool.query<{ id: string }>(
      'SELECT id FROM app_user WHERE lower(email) = lower($1) AND active',
      [email],
    );
    return rows[0]?.id;
  }

  /** Found at the first need, and sought again after a failure. @throws Problem unavailable */
  private keysOf(issuer: string) {
    this.keys ??= discover(issuer).catch((error) => {
      this.keys = undefined;
      throw new Problem('unavailable', `The issuer of tokens cannot be asked: ${error.message}`);
    });
    return this.keys;
  }
}

/** Not to be believed: it only spares the issuer what cannot be its own. */
function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** OpenID Connect Discovery 1.0 §4. Redirects lead nowhere: the keys are those of the issuer that was set. */
async function discover(issuer: string) {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
  const found = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (found.issuer !== issuer || typeof found.jwks_uri !== 'string') {
    throw new Error('its configuration is not its own');
  }
  return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: PATIENCE_MS });
}
