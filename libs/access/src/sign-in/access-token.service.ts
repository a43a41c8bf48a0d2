import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';

/** Seconds that an access token is good for. */
export const ACCESS_TOKEN_SECONDS = 900;

const CLAIMS = { issuer: 'daybook', audience: 'daybook-api' };

/** What an access token says: whose it is, and of which session. */
export interface AccessClaim {
  readonly user: string;
  readonly session: string | undefined;
}

/** Short-lived access tokens: JWTs that name a user, a session and nothing else; HS256 and no other algorithm. */
export class AccessTokens {
  private readonly verified = new LRUCache<string, { claim: AccessClaim; expires: number }>({ max: 10_000 });

  constructor(
    private readonly key: Uint8Array,
    private readonly now: () => Date,
  ) {}

  issue(user: string, session: string): Promise<string> {
    const seconds = Math.floor(this.now().getTime() / 1000);
    return new SignJWT({ sid: session })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(user)
      .setIssuer(CLAIMS.issuer)
      .setAudience(CLAIMS.audience)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + ACCESS_TOKEN_SECONDS)
      .sign(this.key);
  }

  /** Undefined for what is no valid token now. */
  async read(token: string): Promise<AccessClaim | undefined> {
    const known = this.verified.get(token);
    if (known) return known.expires > this.now().getTime() ? known.claim : undefined;
    try {
      const { payload } = await jwtVerify(token, this.key, {
        ...CLAIMS,
        algorithms: ['HS256'],
        typ: 'at+jwt',
        requiredClaims: ['sub', 'exp'],
        currentDate: this.now(),
      });
      const session = typeof payload.sid === 'string' ? payload.sid : undefined;
      const claim = { user: payload.sub!, session };
      this.verified.set(token, { claim, expires: payload.exp! * 1000 });
      return claim;
    } catch {
      return undefined;
    }
  }
}
