/** Text size, colours and language, with what they do seen at once. */
import { freshId, h } from "./dom.mjs";
import { look, SCHEMES, setLook, SIZES } from "./look.mjs";
import { openSheet } from "./sheet.mjs";
import { available } from "./words.mjs";

/** @param {object} app @param {function(): void} [back] */
export function openSettings(app, back = null) {
  const { words, state } = app;
  const now = look();
  const languages = available(state.office?.languages ?? []);
  const setLanguage = async (language) => {
    await app.setLanguage(language);
    openSettings(app, back);
  };
  openSheet(
    { words, title: words.t("settings.title"), back },
    choose(words.t("settings.size"), SIZES, now.size, (each) => words.t(`settings.size_${each}`), (size) => setLook({ size })),
    choose(words.t("settings.scheme"), SCHEMES, now.scheme, (each) => words.t(`settings.scheme_${each}`), (scheme) => setLook({ scheme })),
    languages.length > 1 &&
      choose(words.t("settings.language"), languages, words.language, (each) => nameOf(each), setLanguage, true),
    h("p.quiet.small", {}, words.t("settings.kept")),
  );
}

function choose(legend, values, now, label, act, isLanguage = false) {
  const name = freshId("choose");
  const options = values.map((value) =>
    h(
      "label.option",
      isLanguage ? { lang: value } : {},
      h("input", { type: "radio", name, value, checked: value === now, onchange: () => act(value) }),
      h("span", { "data-value": value }, label(value)),
    ),
  );
  return h("fieldset.choose", {}, h("legend", {}, legend), h("div.options", {}, options));
}

// a language is offered in its own name
function nameOf(language) {
  const name = new Intl.DisplayNames([language], { type: "language" }).of(language);
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
