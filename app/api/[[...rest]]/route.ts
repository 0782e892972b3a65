/** Every other address below /api: no page, so that none is served without its headers. */
const nowhere = (): Response =>
  Response.json({ error: "Not found" }, { status: 404, headers: { "cache-control": "no-store" } });

export { nowhere as DELETE, nowhere as GET, nowhere as PATCH, nowhere as POST, nowhere as PUT };
