/**
 * Tells whether tokens come again, whatever their number, by keeping one of them: each token is compared with the one
 * that is kept, and the one that is kept is replaced after 1, 2, 4, 8 … others. A cycle is noticed in the first of these
 * distances that is longer than it (R. P. Brent, "An improved Monte Carlo factorization algorithm", 1980).
 */
export function openTokenWatch(): { comesAgain(token: string): boolean } {
  let kept: string | null = null;
  let distance = 1;
  let left = 0;
  return {
    comesAgain: (token) => {
      if (token === kept) return true;
      if (left === 0) {
        kept = token;
        left = distance;
        distance *= 2;
      }
      left -= 1;
      return false;
    },
  };
}
