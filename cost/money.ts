/** An amount to the cent: `1,234.50`. */
export function dollars(amount: number): string {
  // Half a cent up, also where binary fractions lie below it.
  const [whole, cents] = (Math.round((amount + Number.EPSILON) * 100) / 100).toFixed(2).split(".");
  return `${whole!.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

/** A difference with its sign, a true minus: `−65.70`, `+3.00`. */
export function signed(amount: number): string {
  const text = dollars(Math.abs(amount));
  if (text === "0.00") return text;
  return `${amount < 0 ? "−" : "+"}${text}`;
}

/** To a millionth, which takes the noise of binary fractions away and is finer than any price. */
export function rounded(amount: number): number {
  // Adding nothing turns a negative zero into one.
  return Math.round(amount * 1e6) / 1e6 + 0;
}
