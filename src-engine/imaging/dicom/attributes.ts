import type { DataSet } from 'dicom-parser';

/** Tags by keyword (PS3.6), as the parser spells them. */
export const tags = {
  specificCharacterSet: 'x00080005',
  imageType: 'x00080008',
  sopClass: 'x00080016',
  sopInstance: 'x00080018',
  studyDate: 'x00080020',
  modality: 'x00080060',
  seriesDescription: 'x0008103e',
  studyDescription: 'x00081030',
  patientName: 'x00100010',
  patientId: 'x00100020',
  patientSex: 'x00100040',
  patientAge: 'x00101010',
  burnedInAnnotation: 'x00280301',
  studyInstance: 'x0020000d',
  seriesInstance: 'x0020000e',
  seriesNumber: 'x00200011',
  instanceNumber: 'x00200013',
  imagePosition: 'x00200032',
  imageOrientation: 'x00200037',
  ultrasoundRegions: 'x00186011',
  sliceThickness: 'x00180050',
  imagerPixelSpacing: 'x00181164',
  nominalScannedPixelSpacing: 'x00182010',
  magnification: 'x00181114',
  samplesPerPixel: 'x00280002',
  photometric: 'x00280004',
  planarConfiguration: 'x00280006',
  frames: 'x00280008',
  rows: 'x00280010',
  columns: 'x00280011',
  pixelSpacing: 'x00280030',
  pixelAspectRatio: 'x00280034',
  bitsAllocated: 'x00280100',
  bitsStored: 'x00280101',
  highBit: 'x00280102',
  pixelRepresentation: 'x00280103',
  pixelPadding: 'x00280120',
  pixelPaddingLimit: 'x00280121',
  pixelSpacingCalibration: 'x00280a02',
  windowCentre: 'x00281050',
  windowWidth: 'x00281051',
  rescaleIntercept: 'x00281052',
  rescaleSlope: 'x00281053',
  rescaleType: 'x00281054',
  windowExplanation: 'x00281055',
  voiFunction: 'x00281056',
  lossyCompression: 'x00282110',
  modalityLut: 'x00283000',
  lutDescriptor: 'x00283002',
  lutExplanation: 'x00283003',
  lutData: 'x00283006',
  voiLut: 'x00283010',
  redDescriptor: 'x00281101',
  greenDescriptor: 'x00281102',
  blueDescriptor: 'x00281103',
  redData: 'x00281201',
  greenData: 'x00281202',
  blueData: 'x00281203',
  redSegmented: 'x00281221',
  greenSegmented: 'x00281222',
  blueSegmented: 'x00281223',
  gridFrameOffsets: 'x3004000c',
  pixelData: 'x7fe00010',
  floatPixelData: 'x7fe00008',
  doublePixelData: 'x7fe00009',
  extendedOffsets: 'x7fe00001',
  extendedLengths: 'x7fe00002',
  sharedGroups: 'x52009229',
  perFrameGroups: 'x52009230',
  planePosition: 'x00209113',
  planeOrientation: 'x00209116',
  pixelMeasures: 'x00289110',
  pixelValueTransformation: 'x00289145',
  frameVoiLut: 'x00289132',
  segmentSequence: 'x00620002',
  segmentNumber: 'x00620004',
  segmentLabel: 'x00620005',
  segmentationType: 'x00620001',
  maximumFractionalValue: 'x0062000e',
  segmentIdentification: 'x0062000a',
  referencedSegment: 'x0062000b',
  derivationImage: 'x00089124',
  sourceImage: 'x00082112',
  referencedInstance: 'x00081155',
  referencedFrame: 'x00081160',
  referencedSeries: 'x00081115',
  directoryRecords: 'x00041220',
  recordType: 'x00041430',
  recordFile: 'x00041500',
} as const;

/** An unsigned short; undefined where it is missing or empty. */
export function unsignedShort(dataSet: DataSet, tag: string): number | undefined {
  return (dataSet.elements[tag]?.length ?? 0) >= 2 ? dataSet.uint16(tag) : undefined;
}

/** Decimal or integer strings that are numbers; empty where there is none. */
export function decimals(dataSet: DataSet, tag: string): number[] {
  if (!dataSet.elements[tag]) return [];
  return (dataSet.string(tag) ?? '')
    .split('\\')
    .map((text) => (text.trim() === '' ? NaN : Number(text)))
    .filter(Number.isFinite);
}

export const decimal = (dataSet: DataSet, tag: string): number | undefined => decimals(dataSet, tag)[0];

/** A code, name or identifier in the default repertoire; undefined where it is missing or empty. */
export function code(dataSet: DataSet, tag: string): string | undefined {
  const text = dataSet.elements[tag] && dataSet.string(tag)?.trim();
  return text === '' ? undefined : text;
}

export const codes = (dataSet: DataSet, tag: string): string[] =>
  (code(dataSet, tag) ?? '').split('\\').filter((text) => text !== '');

export const items = (dataSet: DataSet, tag: string): DataSet[] =>
  (dataSet.elements[tag]?.items ?? []).flatMap((item) => item.dataSet ?? []);

/** PS3.3 C.12.1.1.2, in the names of the Encoding standard; what is not here is Latin-1 or close to it. */
const encodings: Readonly<Record<string, string>> = {
  'ISO_IR 192': 'utf-8',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO 2022 IR 87': 'iso-2022-jp',
  'ISO 2022 IR 159': 'iso-2022-jp',
  'ISO 2022 IR 149': 'euc-kr',
  'ISO 2022 IR 58': 'gb18030',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** Text a person wrote, in the character set of its file. */
export function text(dataSet: DataSet, root: DataSet, tag: string): string | undefined {
  const element = dataSet.elements[tag];
  if (!element || element.length === 0) return undefined;
  const sets = codes(root, tags.specificCharacterSet);
  const encoding = sets.map((name) => encodings[name]).find((name) => name !== undefined) ?? 'latin1';
  const bytes = dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  const decoded = new TextDecoder(encoding).decode(bytes).replaceAll('\0', '').trim();
  return decoded === '' ? undefined : decoded;
}
