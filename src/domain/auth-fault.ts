/**
 * Whether a refusal of our system may pass by itself. A time stamp that a wrong clock made is turned away like a wrong signature,
 * and clocks come right again; whatever else we are not let in for is for a person. Ours.
 * @param type One of the documented authentificationError types.
 */
export function mayPass(type: string): boolean {
  return type === 'Signatur'
}
