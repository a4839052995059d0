/** The languages that the course is there in. */
export type Language = "en" | "ru";

/** What pages say around a lesson. `page.words` in the template. */
export interface Words {
  /** The language's own name. */
  language: string;
  skip: string;
  lessons: string;
  search: string;
  go: string;
  neighbours: string;
  slides: string;
  notebook: string;
  solutions: string;
  /** What the course is, below its name. */
  about: string;
  /** The heads of the table of lessons. */
  heads: readonly [lesson: string, about: string, files: string];
  /** Below the table. */
  run: string;
  glossary: string;
  /** Below its title. */
  glossaryAbout: string;
  /** The heads of its table: the term, what it means, its symbol, the other language, the lesson. */
  glossaryHeads: readonly [string, string, string, string, string];
  reference: string;
  api: string;
  needsScript: string;
  /** The heads of what stands in a speaker's notes. */
  notes: {
    minutes: (begin: number, end: number, whole: number) => string;
    outcomes: string;
    more: string;
  };
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    language: "English",
    skip: "Skip to the text",
    lessons: "Lessons",
    search: "Search",
    go: "Go",
    neighbours: "Lessons before and after",
    slides: "Slides",
    notebook: "Notebook",
    solutions: "With solutions",
    about:
      "A course on training neural networks in TypeScript, in Jupyter notebooks that you run, break and " +
      "mend: from the first batch of characters to a recurrent network that writes like Tolstoy.",
    heads: ["lesson", "what happens", "files"],
    run:
      "The pages show each lesson with the outputs of a run in class. To run it yourself, take the " +
      "project and type `npm start`.",
    glossary: "Glossary",
    glossaryAbout:
      "The course's terms, a line each. The last column names the lesson and the section that " +
      "introduce the term.",
    glossaryHeads: ["term", "what it means", "symbol, unit", "in Russian", "lesson"],
    reference: "Reference",
    api: "API of the library and the kernel",
    needsScript: "Search needs JavaScript.",
    notes: {
      minutes: (begin, end, whole) => `**Minutes ${begin} to ${end}** of ${whole}.`,
      outcomes: "**What came of the guesses** when the lesson was run:",
      more: "**More to say:**",
    },
  },
  ru: {
    language: "Русский",
    skip: "Перейти к тексту",
    lessons: "Уроки",
    search: "Поиск",
    go: "Найти",
    neighbours: "Предыдущий и следующий уроки",
    slides: "Слайды",
    notebook: "Тетрадь",
    solutions: "С решениями",
    about:
      "Курс обучения нейронных сетей на TypeScript в тетрадях Jupyter, которые вы запускаете, ломаете и " +
      "чините: от первого батча символов до рекуррентной сети, которая пишет, как Толстой.",
    heads: ["урок", "что происходит", "файлы"],
    run:
      "На страницах — уроки с результатами одного прогона на занятии. Чтобы запустить их самим, возьмите " +
      "проект и наберите `npm start -- --language ru`. Код и то, что он печатает, общие с английским " +
      "изданием.",
    glossary: "Словарь терминов",
    glossaryAbout:
      "Термины курса, каждому по строке. В последнем столбце — урок и раздел, где термин появляется " +
      "впервые.",
    glossaryHeads: ["термин", "что это", "символ, единица", "по-английски", "урок"],
    reference: "Справочник, на английском языке",
    api: "API библиотеки и ядра",
    needsScript: "Для поиска нужен JavaScript.",
    notes: {
      minutes: (begin, end, whole) => `**Минуты ${begin}–${end}** из ${whole}.`,
      outcomes: "**Что вышло на самом деле**, когда урок запускали:",
      more: "**Что ещё сказать:**",
    },
  },
};
