//! The document: a bounded tree of the nodes that editors of the field know.

/// Rich text in normal form; see the crate's description.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub(crate) blocks: Vec<Block>,
    pub(crate) is_cut: bool,
}

impl Document {
    /// Whether something was left out because it was beyond a bound.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Whether nobody would see anything.
    pub fn is_blank(&self) -> bool {
        self.blocks.iter().all(Block::is_blank)
    }

    /// The ids of who is mentioned, in the order of their first mention.
    pub fn mentions(&self) -> Vec<&str> {
        let mut ids = Vec::new();
        self.each_inline(&mut |inline| match inline {
            Inline::Mention(mention) if !ids.contains(&mention.id.as_str()) => ids.push(&mention.id),
            _ => {}
        });
        ids
    }

    fn each_inline<'d>(&'d self, visit: &mut dyn FnMut(&'d Inline)) {
        self.blocks.iter().for_each(|block| block.each_inline(visit));
    }
}

/// A node that stands on lines of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Paragraph(Vec<Inline>),
    /// A heading of level 1 to 6.
    Heading(u8, Vec<Inline>),
    List(ListKind, Vec<Item>),
    Quote(Vec<Block>),
    Code {
        language: Option<String>,
        text: String,
    },
    Rule,
    Image(Image),
    /// The id of a video on YouTube.
    Video(String),
    Article(Article),
}

/// The blocks of one list item, at least one.
pub(crate) type Item = Vec<Block>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    Bullets,
    /// Numbers from this one on.
    Numbers(u32),
}

/// A node within a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inline {
    Text(String, Marks),
    Break,
    Image(Image),
    Mention(Mention),
}

/// How a text looks and where it leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) underline: bool,
    pub(crate) strike: bool,
    pub(crate) code: bool,
    pub(crate) link: Option<Link>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) href: String,
    /// The colour of a link that is shown as a button.
    pub(crate) button: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) src: String,
    pub(crate) alt: String,
    /// Pixels (`320`) or a share of the line (`50%`).
    pub(crate) width: Option<String>,
    /// `left`, `center` or `right`, of an image on a line of its own.
    pub(crate) align: Option<&'static str>,
    /// Where a click on an image within a line leads.
    pub(crate) link: Option<Link>,
    /// Whether editors know it as `imageBlock` rather than `image`.
    pub(crate) is_image_block: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) id: String,
    pub(crate) label: String,
}

/// A card that leads to an article of the help center.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Article {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) url: Option<String>,
}

impl Block {
    fn is_blank(&self) -> bool {
        match self {
            Self::Paragraph(inlines) | Self::Heading(_, inlines) => inlines.iter().all(Inline::is_blank),
            Self::List(_, items) => items.iter().flatten().all(Self::is_blank),
            Self::Quote(blocks) => blocks.iter().all(Self::is_blank),
            Self::Code { text, .. } => text.trim().is_empty(),
            Self::Rule | Self::Image(_) | Self::Video(_) | Self::Article(_) => false,
        }
    }

    fn each_inline<'d>(&'d self, visit: &mut dyn FnMut(&'d Inline)) {
        match self {
            Self::Paragraph(inlines) | Self::Heading(_, inlines) => inlines.iter().for_each(visit),
            Self::List(_, items) => items.iter().flatten().for_each(|block| block.each_inline(visit)),
            Self::Quote(blocks) => blocks.iter().for_each(|block| block.each_inline(visit)),
            Self::Code { .. } | Self::Rule | Self::Image(_) | Self::Video(_) | Self::Article(_) => {}
        }
    }
}

impl Inline {
    fn is_blank(&self) -> bool {
        match self {
            Self::Text(text, _) => text.trim().is_empty(),
            Self::Break => true,
            Self::Image(_) | Self::Mention(_) => false,
        }
    }
}
