import { findCopies } from './find-copies.ts';
import { doctorFindings } from './findings.ts';
import { leaveOneOut } from './leave-one-out.ts';
import { nearestImages } from './nearest-images.ts';
import { projectImages } from './project-images.ts';

export const doctorHandlers = {
  'nearest-images': nearestImages,
  'find-copies': findCopies,
  'leave-one-out': leaveOneOut,
  'project-images': projectImages,
  'doctor-findings': doctorFindings,
};
