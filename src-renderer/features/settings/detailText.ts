function fields(value: object): string {
  return Object.entries(value)
    .map(([name, field]: [string, unknown]) => {
      if (Array.isArray(field)) return `${name} ${field.join(' ')}`;
      return typeof field === 'object' && field !== null
        ? `${name}: ${fields(field)}`
        : `${name} ${String(field)}`;
    })
    .join(', ');
}

/** The detail of an audit entry in a line: an object's fields as "name value", anything else as it is. */
export function detailText(detail: string): string {
  try {
    const value: unknown = JSON.parse(detail);
    return typeof value === 'object' && value !== null ? fields(value) : String(value);
  } catch {
    return detail;
  }
}
