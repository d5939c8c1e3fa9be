// Brings the words of the screens behind the first one, which come with them.
import { laterDe } from "./later.de";
import { laterEn } from "./later.en";
import { learn } from "./words";

learn({ en: laterEn, de: laterDe });
