// Tells when an element comes near what is seen, for lists that read on by themselves.

/** How far below the edge of the page is near, in pixels. */
const NEAR_PX = 600;

/** An attachment that calls each time its element comes near. */
export function insight(near: () => void): (element: Element) => () => void {
  return (element) => {
    const watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && near(), { rootMargin: `0px 0px ${NEAR_PX}px` });
    watch.observe(element);
    return () => watch.disconnect();
  };
}
