import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';

/** Seconds that an access token is good for. */
export const ACCESS_TOKEN_SECONDS = 900;

const CLAIMS = { issuer: 'daybook', audience: 'daybook-api' };

/** Short-lived access tokens: JWTs that name a user and nothing else, HS256 and no other algorithm. */
export class AccessTokens {
  private readonly verified = new LRUCache<string, { user: string; expires: number }>({ max: 10_000 });

  constructor(
    private readonly key: Uint8Array,
    private readonly now: () => Date,
  ) {}

  issue(user: string): Promise<string> {
    const seconds = Math.floor(this.now().getTime() / 1000);
    return new SignJWT()
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(user)
      .setIssuer(CLAIMS.issuer)
      .setAudience(CLAIMS.audience)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + ACCESS_TOKEN_SECONDS)
      .sign(this.key);
  }

  /** The user that a token names; undefined for what is no valid token now. */
  async userOf(token: string): Promise<string | undefined> {
    const known = this.verified.get(token);
    if (known) return known.expires > this.now().getTime() ? known.user : undefined;
    try {
      const { payload } = await jwtVerify(token, this.key, {
        ...CLAIMS,
        algorithms: ['HS256'],
        typ: 'at+jwt',
        requiredClaims: ['sub', 'exp'],
        currentDate: this.now(),
      });
      this.verified.set(token, { user: payload.sub!, expires: payload.exp! * 1000 });
      return payload.sub;
    } catch {
      return undefined;
    }
  }
}
