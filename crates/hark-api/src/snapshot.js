(() => {
  const each = (mark, change) => {
    for (const element of document.querySelectorAll(`[${mark}]`)) change(element, element.getAttribute(mark));
  };
  const size = (element, width, height) => {
    if (width > 0) element.style.width = `${width}px`;
    if (height > 0) element.style.height = `${height}px`;
  };
  each("bb-data-value", (element, value) => {
    if ("value" in element) element.value = value;
  });
  each("bb-data-checked", (element, value) => {
    element.checked = value !== "false";
  });
  each("bb-element", (element) => size(element, element.getAttribute("bb-width"), element.getAttribute("bb-height")));
  each("bb-canvas-data", (element, data) => {
    const image = document.createElement("img");
    image.className = element.className;
    image.style.cssText = element.style.cssText;
    size(image, element.getAttribute("bb-canvas-width"), element.getAttribute("bb-canvas-height"));
    image.src = data;
    element.replaceWith(image);
  });
  each("bb-web-animations", (element, text) => {
    try {
      Object.assign(element.style, JSON.parse(text));
    } catch {
      // It stays as it is.
    }
  });
  const { x, y } = document.currentScript.dataset;
  const scroll = () => {
    each("bb-scrollpos", (element) => {
      element.scrollTop = element.getAttribute("bb-scrolltop") ?? 0;
      element.scrollLeft = element.getAttribute("bb-scrollleft") ?? 0;
    });
    scrollTo({ left: x, top: y, behavior: "instant" });
  };
  scroll();
  addEventListener("load", scroll);
})();
