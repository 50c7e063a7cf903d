import type { FolderMeaning, ImportPlan, LayoutChoice } from '#shared/contract/imports.ts';

/** Where an import's images lie, as the end of "12 images ...". */
export const layoutWords: Readonly<Record<ImportPlan['layout'], string>> = {
  folder: 'in a plain folder',
  manifest: 'in a CSV manifest',
  bmad: 'in the layout BMAD',
  mvtec: 'in the layout MVTec AD',
  'mvtec-ad-2': 'in the layout MVTec AD 2',
  'mvtec-loco': 'in the layout MVTec LOCO',
  visa: 'in the layout VisA',
  dicom: 'in DICOM files',
  nifti: 'in volumes',
};

export const layouts: readonly { value: LayoutChoice; label: string }[] = [
  { value: 'auto', label: 'Recognise it' },
  { value: 'folder', label: 'Plain folder' },
  { value: 'manifest', label: 'CSV manifest (image, mask, label, ...)' },
  { value: 'bmad', label: 'BMAD (train, valid, test; good, Ungood)' },
  { value: 'mvtec', label: 'MVTec AD (train, test, ground_truth)' },
  { value: 'mvtec-ad-2', label: 'MVTec AD 2 (train, test_public, test_private)' },
  { value: 'mvtec-loco', label: 'MVTec LOCO (logical and structural anomalies)' },
  { value: 'visa', label: 'VisA (Data/Images, split_csv)' },
  { value: 'dicom', label: 'DICOM (files, folders, DICOMDIR, ZIP)' },
  { value: 'nifti', label: 'Volumes (NIfTI, NRRD, MetaImage)' },
];

export const meaningWords: Readonly<Record<FolderMeaning, string>> = {
  normal: 'Normal references',
  'normal-query': 'Normal test images',
  abnormal: 'Abnormal test images',
  query: 'Test images, not labelled',
  excluded: 'Excluded',
  masks: 'Masks of the others',
  skip: 'Leave out',
};
