/** The detail of an audit entry in a line: an object's fields as "name value", anything else as it is. */
export function detailText(detail: string): string {
  try {
    const value: unknown = JSON.parse(detail);
    if (typeof value !== 'object' || value === null) return String(value);
    return Object.entries(value)
      .map(([name, field]) => `${name} ${typeof field === 'string' ? field : JSON.stringify(field)}`)
      .join(', ');
  } catch {
    return detail;
  }
}
