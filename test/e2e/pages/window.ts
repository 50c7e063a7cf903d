import { expect, type Locator, type Page } from '@playwright/test';
import { AdaptersPage } from './adapters.ts';
import { AnnotationPage } from './annotation.ts';
import { EvaluatePage } from './evaluate.ts';
import { ImagesPage } from './images.ts';
import { ImportDialog } from './import.ts';
import { InspectPage } from './inspect.ts';
import { JobsPage } from './jobs.ts';
import { ModelsPage } from './models.ts';
import { Palette } from './palette.ts';
import { ReferencesPage } from './references.ts';
import { ReportPage } from './report.ts';
import { StudiesPage } from './studies.ts';
import { TriagePage } from './triage.ts';

export type StudyTab = 'Images' | 'References' | 'Inspect' | 'Evaluate' | 'Report';
export type Place = 'Studies' | 'Models' | 'Jobs' | 'Settings';

/** The window of Nidus, view by view, in the words of who sits before it. */
export class NidusWindow {
  readonly page: Page;
  readonly studies: StudiesPage;
  readonly imports: ImportDialog;
  readonly images: ImagesPage;
  readonly references: ReferencesPage;
  readonly inspect: InspectPage;
  readonly annotation: AnnotationPage;
  readonly evaluate: EvaluatePage;
  readonly report: ReportPage;
  readonly triage: TriagePage;
  readonly jobs: JobsPage;
  readonly models: ModelsPage;
  readonly adapters: AdaptersPage;
  readonly palette: Palette;
  constructor(page: Page) {
    this.page = page;
    this.studies = new StudiesPage(page);
    this.imports = new ImportDialog(page);
    this.images = new ImagesPage(page);
    this.references = new ReferencesPage(page);
    this.inspect = new InspectPage(page);
    this.annotation = new AnnotationPage(page);
    this.evaluate = new EvaluatePage(page);
    this.report = new ReportPage(page);
    this.triage = new TriagePage(page);
    this.jobs = new JobsPage(page);
    this.models = new ModelsPage(page);
    this.adapters = new AdaptersPage(page);
    this.palette = new Palette(page);
  }

  /** Presses a tab of the open study and waits for its view: until that is fetched, the one before stays. */
  async showTab(tab: StudyTab): Promise<void> {
    const link = this.page.getByRole('navigation', { name: 'Study' }).getByRole('link', { name: tab });
    await link.click();
    await expect(link).toHaveAttribute('aria-current', 'page');
  }

  /** Presses a place on the rail. */
  async goTo(place: Place): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Places' })
      .getByRole('link', { name: place, exact: true })
      .click();
  }

  get statusBar(): Locator {
    return this.page.getByRole('contentinfo');
  }

  /** The message that a job leaves when it is over. */
  message(text: string | RegExp): Locator {
    return this.page.getByRole('region', { name: 'Messages' }).getByText(text);
  }
}
