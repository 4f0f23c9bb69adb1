"""What a reader is told of uploads, in English and Chinese."""

from typing import Literal

UPLOAD_TEXTS: dict[str, dict[Literal["en", "zh"], str]] = {
    "pending_one": {
        "en": "1 of your uploads is still being read; it may be missing here. Ask again in a minute.",
        "zh": "您上传的文件中有 1 个仍在读取，可能尚未包含在结果中。请稍后再问一次。",
    },
    "pending": {
        "en": "{count} of your uploads are still being read; they may be missing here. Ask again in a minute.",
        "zh": "您上传的文件中有 {count} 个仍在读取，可能尚未包含在结果中。请稍后再问一次。",
    },
    "left_out_unavailable": {
        "en": (
            "⚠️ Open WebUI could not be asked which knowledge bases you may read, so uploads were left out. "
            "Please ask again in a minute."
        ),
        "zh": "⚠️ 暂时无法向 Open WebUI 查询您可以读取哪些知识库，因此未检索上传的文件。请稍后再问一次。",
    },
    "left_out_refused": {
        "en": "⚠️ Open WebUI does not accept your sign-in any more, so uploads were left out. Please sign in again.",
        "zh": "⚠️ Open WebUI 不再接受您的登录，因此未检索上传的文件。请重新登录。",
    },
    # said once in a conversation, to whoever uploaded the file
    "set_aside": {
        "en": (
            "⚠️ Your upload “{name}” was set aside after several tries, so not all of it is searched: {reason} "
            "Whoever runs Paper Finder can have it tried again (`paper-finder jobs retry`)."
        ),
        "zh": (
            "⚠️ 您上传的“{name}”多次处理失败，已被搁置，因此只能检索其中一部分：{reason} "
            "可请 Paper Finder 的管理员重试（`paper-finder jobs retry`）。"
        ),
    },
    "unread_damaged": {
        "en": "⚠️ Your upload “{name}” is searched without {pages}: damaged in the file.",
        "zh": "⚠️ 检索您上传的“{name}”时不含{pages}：文件中的这些页已损坏。",
    },
    "unread_pictures": {
        "en": (
            "⚠️ Your upload “{name}” is searched without {pages}: pictures of text, and no text recognition (tesseract) "
            "is installed here."
        ),
        "zh": "⚠️ 检索您上传的“{name}”时不含{pages}：这些页是图片，而此处没有安装文字识别程序（tesseract）。",
    },
    "unread_slow": {
        "en": "⚠️ Your upload “{name}” is searched without {pages}: pictures whose text was not recognised in time.",
        "zh": "⚠️ 检索您上传的“{name}”时不含{pages}：这些页是图片，未能及时识别其中的文字。",
    },
    "one_page": {"en": "page {pages}", "zh": "第 {pages} 页"},
    "some_pages": {"en": "pages {pages}", "zh": "第 {pages} 页"},
    "many_pages": {"en": "pages {pages} and {count} more", "zh": "第 {pages} 页及另外 {count} 页"},
    "other_notes": {
        "en": "⚠️ {count} more of your uploads could not be read in full.",
        "zh": "⚠️ 您上传的文件中另有 {count} 个未能全部读取。",
    },
}

REASONS_ZH = {
    "encrypted_file": "该文件有密码保护。请用密码打开，另存为不带密码的文件后重试。",
    "damaged_file": "该文件已损坏。请重新下载，或用原来的程序打开并另存（“打印为 PDF”可修复多数 PDF）。",
    "no_text": "文件中没有文字。",
    "no_text_layer": "文件的页面是没有文字层的图片，而 Paper Finder 所在的机器没有安装文字识别程序 tesseract。",
    "document_too_large": "该文件超出了 Paper Finder 能够读取的大小。请拆分成几个文件。",
    "unsupported_format": "Paper Finder 不读取这种文件；可读取 PDF、DOCX、PPTX、HTML、EPUB、Markdown、纯文本和 LaTeX 源文件。",
    "parsing_timeout": "读取该文件用时过长，已放弃。请另存（“打印为 PDF”）或拆分成几个文件后重试。",
    "unreadable_document": "无法读取该文件。",
    "job_killed": "处理该文件的进程被终止，很可能是内存不足。请拆分成几个文件。",
    "embedding_error": "嵌入模型服务的回答无法使用。",
}
"""Why an upload was set aside, by the code of the error; in English it is the error's own words."""
UNKNOWN_REASON_ZH = "发生了意外错误，详见 Paper Finder 的日志。"
