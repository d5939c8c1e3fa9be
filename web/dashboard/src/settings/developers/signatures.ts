// How servers in several languages sign a user's id, and what the page does with the signature.

/** The languages, by the name that everybody calls them. */
export const signers = {
  "Node.js": [
    'const crypto = require("node:crypto");',
    "",
    'const userHash = crypto.createHmac("sha256", process.env.HARK_IDENTITY_SECRET)',
    "  .update(user.id)",
    '  .digest("hex");',
  ],
  Python: [
    "import hashlib, hmac, os",
    "",
    'secret = os.environ["HARK_IDENTITY_SECRET"]',
    "user_hash = hmac.new(secret.encode(), user.id.encode(), hashlib.sha256).hexdigest()",
  ],
  PHP: ['$userHash = hash_hmac("sha256", $user->id, getenv("HARK_IDENTITY_SECRET"));'],
  Ruby: ['require "openssl"', "", 'user_hash = OpenSSL::HMAC.hexdigest("SHA256", ENV["HARK_IDENTITY_SECRET"], user.id)'],
  Go: [
    'mac := hmac.New(sha256.New, []byte(os.Getenv("HARK_IDENTITY_SECRET")))',
    "mac.Write([]byte(user.ID))",
    "userHash := hex.EncodeToString(mac.Sum(nil))",
  ],
  Java: [
    'Mac mac = Mac.getInstance("HmacSHA256");',
    'mac.init(new SecretKeySpec(System.getenv("HARK_IDENTITY_SECRET").getBytes(UTF_8), "HmacSHA256"));',
    "String userHash = HexFormat.of().formatHex(mac.doFinal(user.getId().getBytes(UTF_8)));",
  ],
} as const satisfies Record<string, readonly string[]>;

export type Signer = keyof typeof signers;

/** What signs in a language. */
export const signerOf = (language: Signer): string => signers[language].join("\n");

/** What the page does with the signature that its server made. */
export const identify = "Gleap.identify(user.id, { name: user.name, email: user.email }, userHash);";
