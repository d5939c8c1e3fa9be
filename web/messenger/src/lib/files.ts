// Files by what they are.

/** Whether a browser shows it as a picture. */
export function isImage(type: string | undefined, url = ""): boolean {
  if (type) return /^image\/(png|jpe?g|gif|webp|avif|bmp)$/i.test(type);
  return /\.(png|jpe?g|gif|webp|avif)$/i.test(pathOf(url));
}

export function isVideo(type: string | undefined): boolean {
  return type?.startsWith("video/") === true;
}

export function isAudio(type: string | undefined): boolean {
  return type?.startsWith("audio/") === true;
}

/** The end of a name: `PDF`. */
export function extension(name: string): string {
  const end = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1];
  return end ? end.toUpperCase() : "";
}

function pathOf(url: string): string {
  return url.split(/[?#]/)[0] ?? "";
}
